"""One module per file or family of files that write.py makes."""
