"""The report as one HTML file: figures with intervals, the risk–coverage curve, and errors one can read."""
