"""The key that decisions are signed with: the person's own, kept outside the launch, which others may read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from shipworthy.domain.errors import BadInput


def signing_key(path: Path | None = None) -> Any:
    """Return an Ed25519 private key; without a path the person's own, made on first use.

    Args:
        path: a key in PEM or OpenSSH form, without a passphrase.

    Raises:
        BadInput: there is no such file, or it holds no Ed25519 key.
    """
    from cryptography.hazmat.primitives import serialization as s  # noqa: PLC0415 - only signing needs it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    where = path or own_key_path()
    if path is None and not where.exists():
        made = Ed25519PrivateKey.generate()
        pem = made.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())
        where.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        where.touch(mode=0o600)
        where.write_bytes(pem)
        return made
    try:
        content = where.read_bytes()
        load = s.load_ssh_private_key if b"OPENSSH" in content else s.load_pem_private_key
        found = load(content, password=None)
    except OSError as error:
        raise BadInput("there is no such key", where=str(where), remedy="check the path") from error
    except (ValueError, TypeError) as error:
        raise BadInput(
            "the key cannot be read",
            where=str(where),
            remedy="give an Ed25519 key in PEM or OpenSSH form without a passphrase",
        ) from error
    if not isinstance(found, Ed25519PrivateKey):
        raise BadInput("this is no Ed25519 key", where=str(where), remedy="make one: ssh-keygen -t ed25519")
    return found


def public_text(key: Any) -> str:
    """Return the public half as 64 hexadecimal digits, to hand to whoever checks."""
    return str(key.public_key().public_bytes_raw().hex())


def fits(public: str, signature: str, content: bytes) -> bool:
    """Return whether a signature is that of a public key over some bytes; anything malformed does not fit."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def own_key_path() -> Path:
    """Return where the person's own key lies."""
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(home) / "shipworthy" / "signing.pem"
