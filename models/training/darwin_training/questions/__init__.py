"""Wordings of questions, a module a language: what the reader learns to read (reader.py)."""
