"""How alike texts are: twins among cases, and cases that stand in prompts. Letters and words, never meaning."""
