package io.caravan.sealing;

/** What there is to seal with: cores and heap of this node, disk of the sealing folder. */
public record SealingRoom(SealTokens tokens, SealingDisk disk) {}
