/** Typed settings: where values come from, which keys exist, and one sentence for each that is wrong. */
@org.jspecify.annotations.NullMarked
package io.caravan.node.config;
