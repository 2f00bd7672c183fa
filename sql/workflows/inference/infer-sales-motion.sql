select core.pricing_attribute('infer-sales-motion', 'sales_motion',
  path => '/run/companies/gemini/sales-motion-check/infer',
  legacy_function => 'infer_sales_motion',
  description => 'Classify how customers buy, and whether a pricing page asks them to contact sales.',
  question => 'How does a customer buy (sales_motion), and is there a call to action to talk to sales or book a demo (contact_sales_cta)? Judge by the buttons and links: "Sign up", "Buy now" and "Start free trial" let one buy alone; "Contact sales", "Book a demo" and "Request a quote" lead to a salesperson.',
  answers => '{
    "sales_motion": {
      "self_serve": "the customer sees the price, registers and pays alone; no plan needs a salesperson",
      "sales_led": "buying any plan needs a talk with sales, a demo or a quote first",
      "hybrid": "both ways exist: some plans are bought alone, others through sales",
      "unknown": "the page shows no way to buy"
    },
    "contact_sales_cta": {
      "yes": "a button or link to reach sales or to get a demo is there",
      "no": "there is no such button or link; a contact for support or a general contact page is none",
      "unknown": "this is no page about plans and prices (an error, a login, a notice)"
    }
  }',
  example => '{"sales_motion": "hybrid", "contact_sales_cta": "yes", "explanation": "\"Buy now\" stands under Starter, \"Contact sales\" under Enterprise."}'
);
