create or replace function etl.days_in_month(year integer, month integer)
returns integer language sql immutable parallel safe as $$
  select case
    when month in (4, 6, 9, 11) then 30
    when month <> 2 then 31
    when year % 4 = 0 and (year % 100 <> 0 or year % 400 = 0) then 29
    else 28
  end;
$$;
comment on function etl.days_in_month(integer, integer) is 'Days of a month (1 to 12) of the Gregorian calendar.';
