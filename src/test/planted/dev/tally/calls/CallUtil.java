package dev.tally.calls;

class CallUtil {}
