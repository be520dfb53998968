package dev.holdfast.ledger;

/**
 * What was read back of one stream from the final primary.
 *
 * @param node the node that was read
 * @param ids the numbers found, in the order in which the server had written them
 * @param positions the server's own count of its writes, one for each number
 */
public record ReadBackResult(int stream, String node, long[] ids, long[] positions) {}
