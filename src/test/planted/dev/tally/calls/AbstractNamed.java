package dev.tally.calls;

interface AbstractNamed {}
