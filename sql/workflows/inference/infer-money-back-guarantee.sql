select core.pricing_attribute('infer-money-back-guarantee', 'money_back_guarantee',
  path => '/run/companies/gemini/money-back-check/infer',
  legacy_function => 'infer_money_back_guarantee',
  description => 'Decide whether a pricing page mentions a money-back guarantee or refunds.',
  question => 'Does the page promise money back? Signs are "30-day money-back guarantee", "full refund", "risk-free" and "satisfaction guaranteed". "Cancel anytime" alone is no promise of a refund, and neither is a statement that nothing is refunded.',
  answers => '{
    "money_back_guarantee": {
      "yes": "the page offers a guarantee or refunds",
      "no": "the page shows plans or prices, and offers neither",
      "unknown": "this is no page about plans and prices (an error, a login, a notice)"
    }
  }',
  example => '{"money_back_guarantee": "no", "explanation": "The questions at the end say \"cancel anytime\" and nothing about refunds."}'
);
