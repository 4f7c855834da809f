"""Evaluation: how often the right passage and sentence are found, how often an answer is wrong, and how sure that is.

Readers (`squad`, `beir`, `golden`, `reading`) turn files into questions with gold; `ranking` and `verdict` put them to
the systems; `metrics`, `auroc` and `bootstrap` make figures with intervals of them; `tables`, `output` and `report`
show them, `gate` fails a build over them.
`product` is the one place that knows the real systems.
"""
