"""Judgement: which passages are near, which sentence answers, and when not to answer."""
