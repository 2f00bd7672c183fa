/** A form with a CSV of so many rows, made while it is sent. */
async function* form(url: string, count: number): AsyncGenerator<Buffer> {
  yield Buffer.from(
    `--x\r\nContent-Disposition: form-data; name="webhook_url"\r\n\r\n${url}\r\n` +
      '--x\r\nContent-Disposition: form-data; name="file"; filename="export.csv"\r\nContent-Type: text/csv\r\n\r\n' +
      'First Name,Last Name,Title,Company,Company Domain,LinkedIn,Location,About\n',
  );
  for (let first = 0; first < count; first += 1_000) {
    const lines = Array.from({ length: Math.min(1_000, count - first) }, (_, i) => {
      const number = first + i;
      return `Ada ${number},Example,"Head of Rockets, Paper",Acme ${number % 997},acme${number % 997}.example,https://www.linkedin.com/in/ada-${number},"Austin, Texas","${'Builds rockets from paper. '.repeat(5)}"\n`;
    });
    yield Buffer.from(lines.join(''));
  }
  yield Buffer.from('\r\n--x--\r\n');
}

/** Uploads a CSV of so many rows to be sent to a URL. */
export async function upload(address: string, key: string, url: string, count: number) {
  const response = await fetch(`${address}/run/salesnav/export/to-clay`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'multipart/form-data; boundary=x' },
    body: ReadableStream.from(form(url, count)),
    duplex: 'half',
  } as RequestInit);
  return (await response.json()) as { delivery_id: string; total_rows: number };
}
