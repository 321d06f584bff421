"""What do claims of performance rest on? One module for each; `python -m bench.NAME` prints its table."""
