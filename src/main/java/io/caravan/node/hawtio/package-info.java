/**
 * Hawtio at {@code /hawtio/} of a role's port: its pages as files, the little it asks of a server, and Jolokia behind a policy
 * that shows the role's own routes, its clock and the health of the process.
 */
@NullMarked
package io.caravan.node.hawtio;

import org.jspecify.annotations.NullMarked;
