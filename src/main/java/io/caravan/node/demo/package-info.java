/** The demo: three roles in one JVM, deals made through the daemon's JSON-RPC port, and both sides shown while they move. */
@org.jspecify.annotations.NullMarked
package io.caravan.node.demo;
