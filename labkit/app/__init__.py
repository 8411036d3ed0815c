"""The command line, the doctor, the maker of notebooks."""
