"""Training of Darwin: question and formula in, distribution of a property out."""
