"""The words of figures, by what holds them.

A *law* is true of every LSTM and input, and `laws` evaluates it. A *record*
says what somebody or something did, and `records` looks that up. What is
neither has an entry in a `words.txt`, see `wording`; that of all figures is
here.
"""
