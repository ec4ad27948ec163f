package dev.tally.calls;

class Printing {
    void out() {
        System.out.println();
    }

    void err() {
        System.err.println();
    }

    void trace(Exception fault) {
        fault.printStackTrace();
    }
}
