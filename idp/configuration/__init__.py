"""
Agio's configuration as one YAML file.

document    the file: text in, values with their line numbers out
kinds       what stands in it, and which row each entry means
carry_out   all of it in one transaction, or nothing
difference  what changed, in words
schema      the same shape as a JSON Schema
problems    what is wrong with a file
"""
