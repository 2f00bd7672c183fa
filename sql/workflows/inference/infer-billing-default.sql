select core.pricing_attribute('infer-billing-default', 'billing_default',
  path => '/run/companies/gemini/billing-default/infer',
  legacy_function => 'infer_billing_default',
  description => 'Decide which billing period a pricing page shows or favours.',
  question => 'Which billing period does the page offer, and if it offers both monthly and annual billing, which of them does it favour? First see whether both can be chosen. Only if so, compare what is preset, highlighted or advertised ("Save 20%").',
  answers => '{
    "billing_default": {
      "monthly": "monthly is the only period that is offered or shown",
      "annual": "annual is the only period that is offered or shown",
      "both_annual_emphasized": "both can be chosen, and the page steers to annual: it is preset, highlighted, or advertised with savings",
      "both_monthly_emphasized": "both can be chosen, monthly is preset or comes first, and annual is not advertised",
      "unknown": "the page shows no billing period, for example because it shows no prices"
    }
  }',
  example => '{"billing_default": "both_annual_emphasized", "explanation": "The switch reads \"Monthly\" and \"Annually (save 20%)\", and the prices shown are \"billed annually\"."}'
);
