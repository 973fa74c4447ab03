"""Tables of what people say, to read and to extend: each entry has a name, its phrases and an example."""
