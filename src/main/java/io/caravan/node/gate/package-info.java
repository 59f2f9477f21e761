/**
 * Who may call a role: tokens in a list, people with a name and password, sessions of browsers, one-time links. What is
 * asked for each request is answered from memory, which follows the tables; secrets are kept as hashes only.
 */
@org.jspecify.annotations.NullMarked
package io.caravan.node.gate;
