create or replace function core.news_key(url text, title text, published date)
returns text language plpgsql stable parallel safe set search_path = '' as $$
begin
  return left(coalesce(url, concat_ws('|', etl.fold(title), to_char(published, 'YYYY-MM-DD'))), 500);
end;
$$;
comment on function core.news_key(text, text, date) is 'What tells the news about a company apart: the URL, else title and day; empty when none is known.';
