select core.pricing_attribute('infer-free-trial', 'free_trial',
  path => '/run/companies/gemini/free-trial-check/infer',
  legacy_function => 'infer_free_trial',
  description => 'Decide whether a company offers a free trial, from its pricing page.',
  question => 'Can a newcomer try the paid product for free before paying? A free plan that stays limited for good is no trial; "Try for free" or "14 days free" is. A page that says "no free trial" offers none.',
  answers => '{
    "free_trial": {
      "yes": "a trial can be begun on one''s own, without a talk with a salesperson",
      "demo_only": "no trial that one begins alone: only a demo, a guided trial or a talk with sales is offered",
      "no": "neither a trial nor a demo: one pays first, or uses a free plan",
      "unknown": "the page does not say how one can begin"
    }
  }',
  example => '{"free_trial": "yes", "explanation": "The button \"Start 14-day free trial\" stands under each plan."}'
);
