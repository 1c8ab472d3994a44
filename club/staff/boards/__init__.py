"""Pages of figures in the reader's words: key numbers and charts of one topic each."""
