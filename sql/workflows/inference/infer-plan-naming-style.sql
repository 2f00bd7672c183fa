select core.pricing_attribute('infer-plan-naming-style', 'plan_naming_style',
  path => '/run/companies/gemini/plan-naming-check/infer',
  legacy_function => 'infer_plan_naming_style',
  description => 'Classify how a company names its plans, from its pricing page.',
  question => 'What do the names of the plans follow? Where they mix, take the style of most of them. List the names in the explanation.',
  answers => '{
    "plan_naming_style": {
      "generic": "the usual words of a ladder, such as Free, Basic, Starter, Standard, Plus, Pro, Premium, Enterprise",
      "persona_based": "called after who should buy it, such as Individual, Freelancer, Team, Developer, Agency",
      "feature_based": "called after what it does or contains, such as Analytics, Automation, Email, Core",
      "other": "invented or brand-like names that fit none of these, such as Rocket or Moon",
      "unknown": "the page names no plans"
    }
  }',
  example => '{"plan_naming_style": "generic", "explanation": "The plans are called Starter, Pro and Enterprise."}'
);
