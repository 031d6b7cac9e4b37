create table public.orders (
  id bigint generated always as identity primary key,
  colleague text not null,
  email text not null,
  dish text not null,
  created_at timestamptz not null default now()
);
