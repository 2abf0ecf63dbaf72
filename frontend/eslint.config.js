/** Lint rules; the order in which folders may import each other is kept here. */
import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

// entries -> dock -> call -> chat, features -> livekit, api -> i18n, ui
const FOLDERS = [
  "entries",
  "dock",
  "call",
  "chat",
  "sessions",
  "spaces",
  "livekit",
  "api",
  "ui",
  "i18n",
];
const MAY_IMPORT = {
  entries: ["dock", "call", "chat", "sessions", "spaces", "livekit", "api", "ui", "i18n"],
  dock: ["call", "chat", "sessions", "livekit", "api", "ui", "i18n"],
  call: ["chat", "sessions", "livekit", "api", "ui", "i18n"],
  chat: ["api", "ui", "i18n"],
  sessions: ["livekit", "api", "ui", "i18n"],
  spaces: ["api", "ui", "i18n"],
  livekit: ["api", "i18n"],
  api: ["i18n"],
  ui: ["i18n"],
  i18n: [],
};
const LIVEKIT = {
  group: ["livekit-client", "livekit-client/*", "@livekit/*"],
  message: "Only src/livekit speaks to LiveKit.",
};

function importRules(folder) {
  const forbidden = FOLDERS.filter(
    (other) => other !== folder && !MAY_IMPORT[folder].includes(other),
  );
  const patterns = forbidden.map((other) => ({
    group: [`../${other}/**`, `../../${other}/**`, `../../../${other}/**`],
    message: `src/${folder} may not import src/${other}.`,
  }));
  if (folder !== "livekit") patterns.push(LIVEKIT);
  return {
    files: [`src/${folder}/**/*.{ts,tsx}`],
    rules: { "no-restricted-imports": ["error", { patterns }] },
  };
}

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "src/api/schema.d.ts"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/consistent-type-definitions": ["error", "type"],
      "@typescript-eslint/consistent-type-imports": "error",
      // Numbers read well in a template string.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // An empty string and false mean "nothing" too.
      "@typescript-eslint/prefer-nullish-coalescing": [
        "error",
        { ignorePrimitives: { string: true, boolean: true } },
      ],
      // `onClick={() => close()}` says what it does.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["src/**/*.tsx"],
    extends: [jsxA11y.flatConfigs.strict, reactHooks.configs.flat["recommended-latest"]],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ["src/**/*.ts"],
    plugins: { "react-hooks": reactHooks },
    rules: { "react-hooks/rules-of-hooks": "error", "react-hooks/exhaustive-deps": "error" },
  },
  {
    files: ["**/*.test.{ts,tsx}", "tests/**/*.ts"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
    },
  },
  { files: ["scripts/**/*.mjs", "*.config.js"], languageOptions: { globals: globals.node } },
  ...FOLDERS.map(importRules),
);
