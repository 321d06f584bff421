"""One sender for each way of reaching a client, behind one small protocol."""
