/**
 * Seed step 7 from the sector's side: pieces that the market handed over are packed into sectors, and each sector is
 * sealed, proven and watched in seven steps.
 *
 * <p>A step is a plain class that a Quartz-triggered route calls with a claimed sector. It looks at the sector's stage,
 * does the next bit of work, and returns; what has to be waited for (a message, a seed) is looked at and left. Every
 * step may begin again after a crash at any line: files are rewritten to the same bytes, randomness is stored before it
 * is used, and a message is known by its sector and step, so that it is sent once. What computes is behind {@link
 * io.caravan.sealing.SealingEngine}.
 */
@NullMarked
package io.caravan.sealing;

import org.jspecify.annotations.NullMarked;
