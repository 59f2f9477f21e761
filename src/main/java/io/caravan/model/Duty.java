package io.caravan.model;

import java.time.Duration;

/**
 * Who takes care of a deal in one state, and how long (spec deal-lifecycle 6 and 13).
 *
 * @param owner the route file whose route acts or looks, e.g. {@code miner/6-publish}
 * @param on who or what usually ends the wait
 * @param what that, in words that follow "waits for"
 * @param retry what follows a failed try or look
 * @param idle the longest wall time without progress before the state gives up; progress is what the phase says it is, in
 *        most states there is none but to leave
 * @param bound the last epoch in which the state makes sense
 */
public record Duty(String owner, WaitsOn on, String what, Retry retry, Duration idle, EpochBound bound) {}
