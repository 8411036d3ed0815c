"""What every room stands on: whole files, stored pictures, words, dates, processes."""
