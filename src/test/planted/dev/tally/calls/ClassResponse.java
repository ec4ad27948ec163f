package dev.tally.calls;

class ClassResponse {}
