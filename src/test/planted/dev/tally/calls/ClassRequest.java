package dev.tally.calls;

public class ClassRequest {}
