create or replace function etl.punycode_digit(digit integer)
returns text language sql immutable strict parallel safe as $$
  select substr('abcdefghijklmnopqrstuvwxyz0123456789', punycode_digit.digit + 1, 1);
$$;
comment on function etl.punycode_digit(integer) is 'The character of a Punycode digit from 0 to 35 (RFC 3492, section 5).';

create or replace function etl.to_ascii_label(label text)
returns text language plpgsql immutable strict parallel safe set search_path = '' as $$
declare
  -- The names and numbers are those of RFC 3492, section 6.3.
  v_points constant integer[] := array(select ascii(letter) from regexp_split_to_table(label, '') with ordinality as item (letter, place) order by item.place);
  v_basic constant text := regexp_replace(label, '[^\u0001-\u007f]', '', 'g');
  v_output text := case when v_basic = '' then '' else v_basic || '-' end;
  v_handled integer := length(v_basic);
  v_is_first boolean := true;
  v_delta integer := 0;
  v_bias integer := 72;
  v_n integer := 128;
  v_next integer;
  v_point integer;
  v_q integer;
  v_t integer;
  v_k integer;
begin
  if label ~ '^[\u0001-\u007f]*$' then
    return label;
  end if;
  while v_handled < cardinality(v_points) loop
    select min(point) into v_next from unnest(v_points) as point where point >= v_n;
    v_delta := v_delta + (v_next - v_n) * (v_handled + 1);
    v_n := v_next;
    foreach v_point in array v_points loop
      if v_point < v_n then
        v_delta := v_delta + 1;
      elsif v_point = v_n then
        v_q := v_delta;
        v_k := 36;
        loop
          v_t := least(greatest(v_k - v_bias, 1), 26);
          exit when v_q < v_t;
          v_output := v_output || etl.punycode_digit(v_t + (v_q - v_t) % (36 - v_t));
          v_q := (v_q - v_t) / (36 - v_t);
          v_k := v_k + 36;
        end loop;
        v_output := v_output || etl.punycode_digit(v_q);
        v_handled := v_handled + 1;
        v_delta := v_delta / case when v_is_first then 700 else 2 end;
        v_is_first := false;
        v_delta := v_delta + v_delta / v_handled;
        v_k := 0;
        while v_delta > 455 loop
          v_delta := v_delta / 35;
          v_k := v_k + 36;
        end loop;
        v_bias := v_k + 36 * v_delta / (v_delta + 38);
        v_delta := 0;
      end if;
    end loop;
    v_delta := v_delta + 1;
    v_n := v_n + 1;
  end loop;
  return 'xn--' || v_output;
end;
$$;
comment on function etl.to_ascii_label(text) is
  'One label of a host name as DNS knows it: "münchen" becomes "xn--mnchen-3ya" (Punycode, RFC 3492); ASCII stays as it is. Takes lower case, at most 63 characters.';
