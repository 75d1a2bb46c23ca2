"""Where a word may be: which row groups of a segment hold the pieces that a searched text consists of."""
