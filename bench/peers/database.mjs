// One pool of the size of Masthead's, prepared statements, values as the answers show them.
import pg from "pg";

// int8 fits a number here; a moment comes as "2026-01-31 12:00:00+00" and goes as ISO 8601 with Z.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(
  pg.types.builtins.TIMESTAMPTZ,
  (text) => `${text.slice(0, 10)}T${text.slice(11, -3)}Z`,
);

const url = new URL(process.env.PEER_DATABASE_URL.replace("@/", "@socket/"));

export const pool = new pg.Pool({
  host: url.searchParams.get("host") ?? url.hostname,
  user: url.username,
  password: decodeURIComponent(url.password),
  port: url.port || 5432,
  database: url.pathname.slice(1),
  options: "-c timezone=UTC -c jit=off",
  max: 10,
});

// The statement's name makes it a prepared one, planned once a connection.
export async function rows(name, text, ...values) {
  return (await pool.query({ name, text, values })).rows;
}
