/** The dashboard's page at {@code /}: its files and what it knows of the chain; what it shows comes by JSON-RPC from {@code node.api}. */
@NullMarked
package io.caravan.node.web;

import org.jspecify.annotations.NullMarked;
