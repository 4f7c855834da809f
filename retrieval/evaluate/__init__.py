"""Evaluation: how often the right passage and sentence are found, how often an answer is wrong, and how sure that is.

`squad`, `beir`, `golden` and `reading` turn files into questions with gold; `ranking_scores`, `golden_scores` and
`reading_scores` make figures of what came back, with `metrics` and the intervals of `resampling`; `tables`, `report`
and `result_files` show them, `bounds` fails a build over them. `subcommands` lists what can be evaluated; `product` is
the one place that knows the real systems.
"""
