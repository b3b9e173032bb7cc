"""Transcripts of interviews: plain text, Markdown, Word, WebVTT and SubRip, as other tools write them."""
