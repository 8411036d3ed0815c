"""The command line, the doctor, the maker of notebooks with its house rules, and skeletons."""
