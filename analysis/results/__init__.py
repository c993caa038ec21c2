"""What is made of the answers by the statistics, and shown by more than one table or figure.

Nothing here knows how it is shown: no table, no figure, no sentence.
"""
