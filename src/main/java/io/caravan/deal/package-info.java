/**
 * What each phase of a deal does, as plain classes that routes call by bean name.
 *
 * <p>A phase method takes the deal's committed row and returns it with what it learned, or throws one of the phase
 * exceptions. It may run again after a crash at any point: whatever it does to the outside is keyed by the deal, so
 * that twice is once (deal-lifecycle §13). No phase knows the next state; routes fire events, and the flow decides.
 */
@org.jspecify.annotations.NullMarked
package io.caravan.deal;
