-- What of the routes runs at each node, and every change of them. Nodes that share a database each have their own.

-- Texts that ran, by number; the number of a text is its own for good, so that going back to it names it again.
CREATE TABLE route_version (
  node     text         NOT NULL,
  file     text         NOT NULL,
  version  integer      NOT NULL,
  hash     text         NOT NULL,
  body     text         NOT NULL,
  since    timestamptz  NOT NULL,
  PRIMARY KEY (node, file, version),
  UNIQUE (node, file, hash)
);

-- Which of them runs; a file that was dropped has no row.
CREATE TABLE route_live (
  node     text         NOT NULL,
  file     text         NOT NULL,
  version  integer      NOT NULL,
  PRIMARY KEY (node, file),
  FOREIGN KEY (node, file, version) REFERENCES route_version (node, file, version)
);

-- Every try to change a file or a setting, written down before it is made. The newest are kept.
CREATE TABLE route_swap (
  id            bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  node          text         NOT NULL,
  at            timestamptz  NOT NULL,
  who           text         NOT NULL,
  file          text         NOT NULL,
  from_version  integer,
  to_version    integer,
  verdict       text         NOT NULL,
  reason        text,
  diff          text         NOT NULL
);
CREATE INDEX route_swap_file ON route_swap (node, file, id);
