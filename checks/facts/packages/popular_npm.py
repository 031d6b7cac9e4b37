"""
Names of npm that many apps rest on: who imitates one of them hopes to be taken for it.

Counted, not ranked: each stands in the manifests and lock files of at least 6 of 98 public repositories that were
read on 2026-11-22, most of them web apps, well run and AI-built alike.
"""

from __future__ import annotations

from checks.facts.word_set import word_set

NAMES = word_set("""
    @adobe/css-tools @alloc/quick-lru @ampproject/remapping @anthropic-ai/sdk @asamuzakjp/css-color
    @babel/code-frame @babel/compat-data @babel/core @babel/generator @babel/helper-annotate-as-pure
    @babel/helper-compilation-targets @babel/helper-create-class-features-plugin
    @babel/helper-create-regexp-features-plugin @babel/helper-define-polyfill-provider @babel/helper-globals
    @babel/helper-member-expression-to-functions @babel/helper-module-imports @babel/helper-module-transforms
    @babel/helper-optimise-call-expression @babel/helper-plugin-utils @babel/helper-remap-async-to-generator
    @babel/helper-replace-supers @babel/helper-skip-transparent-expression-wrappers @babel/helper-string-parser
    @babel/helper-validator-identifier @babel/helper-validator-option @babel/helper-wrap-function @babel/helpers
    @babel/highlight @babel/parser @babel/plugin-bugfix-safari-id-destructuring-collision-in-function-expression
    @babel/plugin-bugfix-v8-spread-parameters-in-optional-chaining
    @babel/plugin-bugfix-v8-static-class-fields-redefine-readonly
    @babel/plugin-proposal-private-property-in-object @babel/plugin-syntax-async-generators
    @babel/plugin-syntax-bigint @babel/plugin-syntax-class-properties @babel/plugin-syntax-class-static-block
    @babel/plugin-syntax-import-assertions @babel/plugin-syntax-import-attributes @babel/plugin-syntax-import-meta
    @babel/plugin-syntax-json-strings @babel/plugin-syntax-jsx @babel/plugin-syntax-logical-assignment-operators
    @babel/plugin-syntax-nullish-coalescing-operator @babel/plugin-syntax-numeric-separator
    @babel/plugin-syntax-object-rest-spread @babel/plugin-syntax-optional-catch-binding
    @babel/plugin-syntax-optional-chaining @babel/plugin-syntax-private-property-in-object
    @babel/plugin-syntax-top-level-await @babel/plugin-syntax-typescript @babel/plugin-syntax-unicode-sets-regex
    @babel/plugin-transform-arrow-functions @babel/plugin-transform-async-generator-functions
    @babel/plugin-transform-async-to-generator @babel/plugin-transform-block-scoped-functions
    @babel/plugin-transform-block-scoping @babel/plugin-transform-class-properties
    @babel/plugin-transform-class-static-block @babel/plugin-transform-classes
    @babel/plugin-transform-computed-properties @babel/plugin-transform-destructuring
    @babel/plugin-transform-dotall-regex @babel/plugin-transform-duplicate-keys
    @babel/plugin-transform-dynamic-import @babel/plugin-transform-exponentiation-operator
    @babel/plugin-transform-export-namespace-from @babel/plugin-transform-for-of
    @babel/plugin-transform-function-name @babel/plugin-transform-json-strings @babel/plugin-transform-literals
    @babel/plugin-transform-logical-assignment-operators @babel/plugin-transform-member-expression-literals
    @babel/plugin-transform-modules-amd @babel/plugin-transform-modules-commonjs
    @babel/plugin-transform-modules-systemjs @babel/plugin-transform-modules-umd
    @babel/plugin-transform-named-capturing-groups-regex @babel/plugin-transform-new-target
    @babel/plugin-transform-nullish-coalescing-operator @babel/plugin-transform-numeric-separator
    @babel/plugin-transform-object-rest-spread @babel/plugin-transform-object-super
    @babel/plugin-transform-optional-catch-binding @babel/plugin-transform-optional-chaining
    @babel/plugin-transform-parameters @babel/plugin-transform-private-methods
    @babel/plugin-transform-private-property-in-object @babel/plugin-transform-property-literals
    @babel/plugin-transform-react-jsx-self @babel/plugin-transform-react-jsx-source
    @babel/plugin-transform-regenerator @babel/plugin-transform-reserved-words
    @babel/plugin-transform-shorthand-properties @babel/plugin-transform-spread
    @babel/plugin-transform-sticky-regex @babel/plugin-transform-template-literals
    @babel/plugin-transform-typeof-symbol @babel/plugin-transform-unicode-escapes
    @babel/plugin-transform-unicode-property-regex @babel/plugin-transform-unicode-regex
    @babel/plugin-transform-unicode-sets-regex @babel/preset-env @babel/preset-modules @babel/preset-react
    @babel/runtime @babel/template @babel/traverse @babel/types @bcoe/v8-coverage @cspotcode/source-map-support
    @csstools/color-helpers @csstools/css-calc @csstools/css-color-parser @csstools/css-parser-algorithms
    @csstools/css-tokenizer @dnd-kit/core @dnd-kit/sortable @dnd-kit/utilities @drizzle-team/brocli @emnapi/core
    @emnapi/runtime @emnapi/wasi-threads @emotion/memoize @emotion/react @esbuild/aix-ppc64 @esbuild/android-arm
    @esbuild/android-arm64 @esbuild/android-x64 @esbuild/darwin-arm64 @esbuild/darwin-x64 @esbuild/freebsd-arm64
    @esbuild/freebsd-x64 @esbuild/linux-arm @esbuild/linux-arm64 @esbuild/linux-ia32 @esbuild/linux-loong64
    @esbuild/linux-mips64el @esbuild/linux-ppc64 @esbuild/linux-riscv64 @esbuild/linux-s390x @esbuild/linux-x64
    @esbuild/netbsd-arm64 @esbuild/netbsd-x64 @esbuild/openbsd-arm64 @esbuild/openbsd-x64
    @esbuild/openharmony-arm64 @esbuild/sunos-x64 @esbuild/win32-arm64 @esbuild/win32-ia32 @esbuild/win32-x64
    @eslint-community/eslint-utils @eslint-community/regexpp @eslint/config-array @eslint/config-helpers
    @eslint/core @eslint/eslintrc @eslint/js @eslint/object-schema @eslint/plugin-kit @floating-ui/core
    @floating-ui/dom @floating-ui/react-dom @floating-ui/utils @hookform/resolvers @humanfs/core @humanfs/node
    @humanwhocodes/config-array @humanwhocodes/module-importer @humanwhocodes/object-schema @humanwhocodes/retry
    @img/colour @img/sharp-darwin-arm64 @img/sharp-darwin-x64 @img/sharp-libvips-darwin-arm64
    @img/sharp-libvips-darwin-x64 @img/sharp-libvips-linux-arm @img/sharp-libvips-linux-arm64
    @img/sharp-libvips-linux-ppc64 @img/sharp-libvips-linux-riscv64 @img/sharp-libvips-linux-s390x
    @img/sharp-libvips-linux-x64 @img/sharp-libvips-linuxmusl-arm64 @img/sharp-libvips-linuxmusl-x64
    @img/sharp-linux-arm @img/sharp-linux-arm64 @img/sharp-linux-ppc64 @img/sharp-linux-riscv64
    @img/sharp-linux-s390x @img/sharp-linux-x64 @img/sharp-linuxmusl-arm64 @img/sharp-linuxmusl-x64
    @img/sharp-wasm32 @img/sharp-win32-arm64 @img/sharp-win32-ia32 @img/sharp-win32-x64 @isaacs/cliui
    @isaacs/fs-minipass @istanbuljs/load-nyc-config @istanbuljs/schema @jest/console @jest/core @jest/environment
    @jest/expect-utils @jest/fake-timers @jest/globals @jest/reporters @jest/schemas @jest/source-map
    @jest/test-result @jest/test-sequencer @jest/transform @jest/types @jridgewell/gen-mapping
    @jridgewell/remapping @jridgewell/resolve-uri @jridgewell/set-array @jridgewell/source-map
    @jridgewell/sourcemap-codec @jridgewell/trace-mapping @napi-rs/wasm-runtime @neondatabase/serverless @next/env
    @next/eslint-plugin-next @next/swc-darwin-arm64 @next/swc-darwin-x64 @next/swc-linux-arm64-gnu
    @next/swc-linux-arm64-musl @next/swc-linux-x64-gnu @next/swc-linux-x64-musl @next/swc-win32-arm64-msvc
    @next/swc-win32-x64-msvc @noble/hashes @nodelib/fs.scandir @nodelib/fs.stat @nodelib/fs.walk
    @nolyfill/is-core-module @opentelemetry/api @opentelemetry/resources @opentelemetry/sdk-trace-base
    @opentelemetry/semantic-conventions @oxc-project/types @pkgjs/parseargs @playwright/test @popperjs/core
    @prisma/client @prisma/engines @prisma/engines-version @radix-ui/number @radix-ui/primitive
    @radix-ui/react-accordion @radix-ui/react-alert-dialog @radix-ui/react-arrow @radix-ui/react-aspect-ratio
    @radix-ui/react-avatar @radix-ui/react-checkbox @radix-ui/react-collapsible @radix-ui/react-collection
    @radix-ui/react-compose-refs @radix-ui/react-context @radix-ui/react-context-menu @radix-ui/react-dialog
    @radix-ui/react-direction @radix-ui/react-dismissable-layer @radix-ui/react-dropdown-menu
    @radix-ui/react-focus-guards @radix-ui/react-focus-scope @radix-ui/react-hover-card @radix-ui/react-id
    @radix-ui/react-label @radix-ui/react-menu @radix-ui/react-menubar @radix-ui/react-navigation-menu
    @radix-ui/react-popover @radix-ui/react-popper @radix-ui/react-portal @radix-ui/react-presence
    @radix-ui/react-primitive @radix-ui/react-progress @radix-ui/react-radio-group @radix-ui/react-roving-focus
    @radix-ui/react-scroll-area @radix-ui/react-select @radix-ui/react-separator @radix-ui/react-slider
    @radix-ui/react-slot @radix-ui/react-switch @radix-ui/react-tabs @radix-ui/react-toast @radix-ui/react-toggle
    @radix-ui/react-toggle-group @radix-ui/react-tooltip @radix-ui/react-use-callback-ref
    @radix-ui/react-use-controllable-state @radix-ui/react-use-effect-event @radix-ui/react-use-escape-keydown
    @radix-ui/react-use-is-hydrated @radix-ui/react-use-layout-effect @radix-ui/react-use-previous
    @radix-ui/react-use-rect @radix-ui/react-use-size @radix-ui/react-visually-hidden @radix-ui/rect
    @replit/vite-plugin-cartographer @replit/vite-plugin-runtime-error-modal @rolldown/binding-android-arm64
    @rolldown/binding-darwin-arm64 @rolldown/binding-darwin-x64 @rolldown/binding-freebsd-x64
    @rolldown/binding-linux-arm-gnueabihf @rolldown/binding-linux-arm64-gnu @rolldown/binding-linux-arm64-musl
    @rolldown/binding-linux-ppc64-gnu @rolldown/binding-linux-s390x-gnu @rolldown/binding-linux-x64-gnu
    @rolldown/binding-linux-x64-musl @rolldown/binding-openharmony-arm64 @rolldown/binding-win32-arm64-msvc
    @rolldown/binding-win32-x64-msvc @rolldown/pluginutils @rollup/plugin-node-resolve @rollup/pluginutils
    @rollup/rollup-android-arm-eabi @rollup/rollup-android-arm64 @rollup/rollup-darwin-arm64
    @rollup/rollup-darwin-x64 @rollup/rollup-freebsd-arm64 @rollup/rollup-freebsd-x64
    @rollup/rollup-linux-arm-gnueabihf @rollup/rollup-linux-arm-musleabihf @rollup/rollup-linux-arm64-gnu
    @rollup/rollup-linux-arm64-musl @rollup/rollup-linux-loong64-gnu @rollup/rollup-linux-loong64-musl
    @rollup/rollup-linux-powerpc64le-gnu @rollup/rollup-linux-ppc64-gnu @rollup/rollup-linux-ppc64-musl
    @rollup/rollup-linux-riscv64-gnu @rollup/rollup-linux-riscv64-musl @rollup/rollup-linux-s390x-gnu
    @rollup/rollup-linux-x64-gnu @rollup/rollup-linux-x64-musl @rollup/rollup-openbsd-x64
    @rollup/rollup-openharmony-arm64 @rollup/rollup-win32-arm64-msvc @rollup/rollup-win32-ia32-msvc
    @rollup/rollup-win32-x64-gnu @rollup/rollup-win32-x64-msvc @rtsao/scc @rushstack/eslint-patch @sentry/node
    @sinclair/typebox @sinonjs/commons @sinonjs/fake-timers @standard-schema/spec @standard-schema/utils
    @stripe/stripe-js @supabase/auth-js @supabase/functions-js @supabase/node-fetch @supabase/postgrest-js
    @supabase/realtime-js @supabase/ssr @supabase/storage-js @supabase/supabase-js @swc/core
    @swc/core-darwin-arm64 @swc/core-darwin-x64 @swc/core-linux-arm-gnueabihf @swc/core-linux-arm64-gnu
    @swc/core-linux-arm64-musl @swc/core-linux-x64-gnu @swc/core-linux-x64-musl @swc/core-win32-arm64-msvc
    @swc/core-win32-ia32-msvc @swc/core-win32-x64-msvc @swc/counter @swc/helpers @swc/types @tailwindcss/node
    @tailwindcss/oxide @tailwindcss/oxide-android-arm64 @tailwindcss/oxide-darwin-arm64
    @tailwindcss/oxide-darwin-x64 @tailwindcss/oxide-freebsd-x64 @tailwindcss/oxide-linux-arm-gnueabihf
    @tailwindcss/oxide-linux-arm64-gnu @tailwindcss/oxide-linux-arm64-musl @tailwindcss/oxide-linux-x64-gnu
    @tailwindcss/oxide-linux-x64-musl @tailwindcss/oxide-wasm32-wasi @tailwindcss/oxide-win32-arm64-msvc
    @tailwindcss/oxide-win32-x64-msvc @tailwindcss/postcss @tailwindcss/typography @tailwindcss/vite
    @tanstack/query-core @tanstack/react-query @tanstack/react-table @testing-library/dom
    @testing-library/jest-dom @testing-library/react @testing-library/user-event @tootallnate/once
    @tsconfig/node10 @tsconfig/node12 @tsconfig/node14 @tsconfig/node16 @tybys/wasm-util @types/aria-query
    @types/babel__core @types/babel__generator @types/babel__template @types/babel__traverse @types/bcrypt
    @types/bcryptjs @types/body-parser @types/chai @types/connect @types/connect-pg-simple @types/cookie-parser
    @types/cors @types/d3-array @types/d3-color @types/d3-ease @types/d3-interpolate @types/d3-path
    @types/d3-scale @types/d3-shape @types/d3-time @types/d3-timer @types/debug @types/deep-eql @types/estree
    @types/estree-jsx @types/express @types/express-serve-static-core @types/express-session @types/fs-extra
    @types/graceful-fs @types/hast @types/http-errors @types/istanbul-lib-coverage @types/istanbul-lib-report
    @types/istanbul-reports @types/jest @types/jsdom @types/json-schema @types/json5 @types/jsonwebtoken
    @types/mdast @types/mime @types/ms @types/multer @types/node @types/nodemailer @types/parse-json
    @types/passport @types/passport-local @types/pg @types/phoenix @types/prop-types @types/qrcode @types/qs
    @types/range-parser @types/react @types/react-dom @types/resolve @types/retry @types/semver @types/send
    @types/serve-static @types/stack-utils @types/tough-cookie @types/trusted-types @types/unist
    @types/use-sync-external-store @types/ws @types/yargs @types/yargs-parser @typescript-eslint/eslint-plugin
    @typescript-eslint/parser @typescript-eslint/project-service @typescript-eslint/scope-manager
    @typescript-eslint/tsconfig-utils @typescript-eslint/type-utils @typescript-eslint/types
    @typescript-eslint/typescript-estree @typescript-eslint/utils @typescript-eslint/visitor-keys
    @ungap/structured-clone @unrs/resolver-binding-android-arm-eabi @unrs/resolver-binding-android-arm64
    @unrs/resolver-binding-darwin-arm64 @unrs/resolver-binding-darwin-x64 @unrs/resolver-binding-freebsd-x64
    @unrs/resolver-binding-linux-arm-gnueabihf @unrs/resolver-binding-linux-arm-musleabihf
    @unrs/resolver-binding-linux-arm64-gnu @unrs/resolver-binding-linux-arm64-musl
    @unrs/resolver-binding-linux-ppc64-gnu @unrs/resolver-binding-linux-riscv64-gnu
    @unrs/resolver-binding-linux-riscv64-musl @unrs/resolver-binding-linux-s390x-gnu
    @unrs/resolver-binding-linux-x64-gnu @unrs/resolver-binding-linux-x64-musl @unrs/resolver-binding-wasm32-wasi
    @unrs/resolver-binding-win32-arm64-msvc @unrs/resolver-binding-win32-ia32-msvc
    @unrs/resolver-binding-win32-x64-msvc @vercel/analytics @vitejs/plugin-react @vitejs/plugin-react-swc
    @vitest/coverage-v8 @vitest/expect @vitest/mocker @vitest/pretty-format @vitest/runner @vitest/snapshot
    @vitest/spy @vitest/utils @vue/compiler-sfc @webassemblyjs/ast @webassemblyjs/floating-point-hex-parser
    @webassemblyjs/helper-api-error @webassemblyjs/helper-buffer @webassemblyjs/helper-numbers
    @webassemblyjs/helper-wasm-bytecode @webassemblyjs/helper-wasm-section @webassemblyjs/ieee754
    @webassemblyjs/leb128 @webassemblyjs/utf8 @webassemblyjs/wasm-edit @webassemblyjs/wasm-gen
    @webassemblyjs/wasm-opt @webassemblyjs/wasm-parser @webassemblyjs/wast-printer @xmldom/xmldom @xtuc/ieee754
    @xtuc/long abbrev abort-controller accepts acorn acorn-jsx acorn-walk agent-base aggregate-error ai ajv
    ajv-formats ajv-keywords ansi-colors ansi-escapes ansi-regex ansi-styles any-promise anymatch arg argparse
    aria-hidden aria-query array-buffer-byte-length array-flatten array-includes array-union
    array.prototype.findlast array.prototype.findlastindex array.prototype.flat array.prototype.flatmap
    array.prototype.tosorted arraybuffer.prototype.slice asap assertion-error ast-types-flow async async-function
    asynckit at-least-node autoprefixer available-typed-arrays axe-core axios axobject-query babel-jest
    babel-loader babel-plugin-istanbul babel-plugin-jest-hoist babel-plugin-polyfill-corejs2
    babel-plugin-polyfill-corejs3 babel-plugin-polyfill-regenerator babel-preset-current-node-syntax
    babel-preset-jest bail balanced-match base64-js baseline-browser-mapping bcrypt bcryptjs bignumber.js
    binary-extensions bl bluebird body-parser boolbase bootstrap brace-expansion braces browserslist bser buffer
    buffer-crc32 buffer-equal-constant-time buffer-from bufferutil busboy bytes cac call-bind
    call-bind-apply-helpers call-bound callsites camelcase camelcase-css caniuse-lite canvas-confetti ccount chai
    chalk char-regex character-entities character-entities-html4 character-entities-legacy
    character-reference-invalid chart.js check-error cheerio chokidar chownr chrome-trace-event ci-info
    cjs-module-lexer class-variance-authority classnames clean-stack cli-cursor client-only cliui clone clsx cmdk
    co collect-v8-coverage color color-convert color-name color-string colorette combined-stream
    comma-separated-tokens commander commondir compressible compression concat-map concat-stream concurrently
    confbox connect-pg-simple content-disposition content-type convert-source-map cookie cookie-parser
    cookie-signature core-js core-js-compat core-util-is cors cosmiconfig crc-32 create-require cross-env
    cross-spawn crypto-random-string css-loader css-select css-tree css-what css.escape cssesc cssstyle csstype
    csv-parse d3-array d3-color d3-ease d3-format d3-interpolate d3-path d3-scale d3-shape d3-time d3-time-format
    d3-timer damerau-levenshtein data-uri-to-buffer data-urls data-view-buffer data-view-byte-length
    data-view-byte-offset date-fns dayjs debug decamelize decimal.js decimal.js-light
    decode-named-character-reference decompress-response dedent deep-eql deep-extend deep-is deepmerge
    define-data-property define-lazy-prop define-properties defu delayed-stream depd dequal destr destroy
    detect-libc detect-newline detect-node-es devlop didyoumean diff diff-sequences dir-glob dlv doctrine
    dom-accessibility-api dom-helpers dom-serializer domelementtype domhandler dompurify domutils dotenv
    drizzle-kit drizzle-orm drizzle-zod dunder-proto eastasianwidth ecdsa-sig-formatter ee-first
    electron-to-chromium embla-carousel embla-carousel-react embla-carousel-reactive-utils emittery emoji-regex
    encodeurl end-of-stream enhanced-resolve entities env-paths error-ex es-abstract es-define-property es-errors
    es-iterator-helpers es-module-lexer es-object-atoms es-set-tostringtag es-shim-unscopables es-to-primitive
    es-toolkit esbuild esbuild-register escalade escape-html escape-string-regexp escodegen eslint
    eslint-config-next eslint-config-prettier eslint-import-resolver-node eslint-import-resolver-typescript
    eslint-module-utils eslint-plugin-import eslint-plugin-jsx-a11y eslint-plugin-prettier eslint-plugin-react
    eslint-plugin-react-hooks eslint-plugin-react-refresh eslint-scope eslint-visitor-keys espree esprima esquery
    esrecurse estraverse estree-util-is-identifier-name estree-walker esutils etag event-target-shim eventemitter3
    events execa expect expect-type express express-rate-limit express-session extend fast-deep-equal fast-equals
    fast-glob fast-json-stable-stringify fast-levenshtein fast-uri fast-xml-parser fastq fb-watchman fdir
    fetch-blob fflate figures file-entry-cache file-type fill-range finalhandler find-up flat-cache flatted
    follow-redirects for-each foreground-child form-data formdata-polyfill forwarded fraction.js framer-motion
    fresh fs-constants fs-extra fs-minipass fs.realpath fsevents function-bind function.prototype.name
    functions-have-names generator-function gensync get-caller-file get-intrinsic get-nonce get-package-type
    get-proto get-stream get-symbol-description get-tsconfig glob glob-parent glob-to-regexp globals globalthis
    globby google-auth-library gopd graceful-fs graphemer has-bigints has-flag has-property-descriptors has-proto
    has-symbols has-tostringtag hasown hast-util-to-jsx-runtime hast-util-whitespace he helmet hermes-estree
    hermes-parser hoist-non-react-statics hosted-git-info html-encoding-sniffer html-entities html-escaper
    html-url-attributes htmlparser2 http-cache-semantics http-errors http-proxy-agent https-proxy-agent
    human-signals husky i18next iconv-lite idb ieee754 ignore immediate immer import-fresh import-local
    imurmurhash indent-string inflight inherits ini inline-style-parser input-otp internal-slot internmap
    invariant ip-address ipaddr.js is-alphabetical is-alphanumerical is-array-buffer is-arrayish is-async-function
    is-bigint is-binary-path is-boolean-object is-buffer is-bun-module is-callable is-core-module is-data-view
    is-date-object is-decimal is-docker is-extglob is-finalizationregistry is-fullwidth-code-point is-generator-fn
    is-generator-function is-glob is-hexadecimal is-inside-container is-map is-negative-zero is-number
    is-number-object is-obj is-path-inside is-plain-obj is-plain-object is-potential-custom-element-name
    is-promise is-regex is-set is-shared-array-buffer is-stream is-string is-symbol is-typed-array
    is-unicode-supported is-weakmap is-weakref is-weakset is-wsl isarray isexe istanbul-lib-coverage
    istanbul-lib-instrument istanbul-lib-report istanbul-lib-source-maps istanbul-reports iterator.prototype
    jackspeak jest jest-changed-files jest-circus jest-cli jest-config jest-diff jest-docblock jest-each
    jest-environment-jsdom jest-environment-node jest-get-type jest-haste-map jest-leak-detector
    jest-matcher-utils jest-message-util jest-mock jest-pnp-resolver jest-regex-util jest-resolve
    jest-resolve-dependencies jest-runner jest-runtime jest-snapshot jest-util jest-validate jest-watcher
    jest-worker jiti jose js-cookie js-tokens js-yaml jsdom jsesc json-buffer json-parse-even-better-errors
    json-schema json-schema-traverse json-stable-stringify-without-jsonify json5 jsonfile jsonwebtoken jspdf
    jspdf-autotable jsx-ast-utils jszip jwa jws jwt-decode keyv kind-of kleur language-subtag-registry
    language-tags leven levn lie lightningcss lightningcss-android-arm64 lightningcss-darwin-arm64
    lightningcss-darwin-x64 lightningcss-freebsd-x64 lightningcss-linux-arm-gnueabihf lightningcss-linux-arm64-gnu
    lightningcss-linux-arm64-musl lightningcss-linux-x64-gnu lightningcss-linux-x64-musl
    lightningcss-win32-arm64-msvc lightningcss-win32-x64-msvc lilconfig lines-and-columns linkify-it loader-runner
    locate-path lodash lodash.castarray lodash.debounce lodash.includes lodash.isboolean lodash.isinteger
    lodash.isnumber lodash.isplainobject lodash.isstring lodash.memoize lodash.merge lodash.once log-symbols long
    longest-streak loose-envify loupe lovable-tagger lru-cache lucide-react luxon lz-string magic-string make-dir
    make-error makeerror markdown-it markdown-table marked math-intrinsics mdast-util-find-and-replace
    mdast-util-from-markdown mdast-util-gfm mdast-util-gfm-autolink-literal mdast-util-gfm-footnote
    mdast-util-gfm-strikethrough mdast-util-gfm-table mdast-util-gfm-task-list-item mdast-util-mdx-expression
    mdast-util-mdx-jsx mdast-util-mdxjs-esm mdast-util-phrasing mdast-util-to-hast mdast-util-to-markdown
    mdast-util-to-string mdn-data mdurl media-typer memorystore merge-descriptors merge-stream merge2 methods
    micromark micromark-core-commonmark micromark-extension-gfm micromark-extension-gfm-autolink-literal
    micromark-extension-gfm-footnote micromark-extension-gfm-strikethrough micromark-extension-gfm-table
    micromark-extension-gfm-tagfilter micromark-extension-gfm-task-list-item micromark-factory-destination
    micromark-factory-label micromark-factory-space micromark-factory-title micromark-factory-whitespace
    micromark-util-character micromark-util-chunked micromark-util-classify-character
    micromark-util-combine-extensions micromark-util-decode-numeric-character-reference
    micromark-util-decode-string micromark-util-encode micromark-util-html-tag-name
    micromark-util-normalize-identifier micromark-util-resolve-all micromark-util-sanitize-uri
    micromark-util-subtokenize micromark-util-symbol micromark-util-types micromatch mime mime-db mime-types
    mimic-fn mimic-response min-indent minimalistic-assert minimatch minimist minipass minizlib mitt mkdirp
    motion-dom motion-utils mrmime ms multer mysql2 mz nanoid napi-postinstall natural-compare negotiator
    neo-async next next-auth next-themes node-addon-api node-domexception node-fetch node-gyp-build node-int64
    node-releases nodemailer nopt normalize-path normalize-range normalize-url npm-run-path nth-check nwsapi
    object-assign object-hash object-inspect object-keys object.assign object.entries object.fromentries
    object.groupby object.values obuf on-finished on-headers once onetime open openai openid-client optionator ora
    own-keys p-limit p-locate p-map p-retry p-try package-json-from-dist pako papaparse parent-module
    parse-entities parse-json parse5 parseurl passport passport-local path-exists path-is-absolute path-key
    path-parse path-scurry path-to-regexp path-type pathe pathval pdf-parse pdfjs-dist performance-now pg
    pg-cloudflare pg-connection-string pg-int8 pg-pool pg-protocol pg-types pgpass picocolors picomatch pify
    pirates pkg-dir pkg-types playwright playwright-core pngjs possible-typed-array-names postcss postcss-import
    postcss-js postcss-load-config postcss-nested postcss-selector-parser postcss-value-parser postgres
    postgres-array postgres-bytea postgres-date postgres-interval preact prelude-ls prettier pretty-bytes
    pretty-format prisma prismjs process process-nextick-args prompts prop-types property-information protobufjs
    proxy-addr proxy-from-env psl pump punycode punycode.js pure-rand qrcode qrcode.react qs queue-microtask
    randombytes range-parser raw-body rc react react-day-picker react-dom react-hook-form react-hot-toast
    react-i18next react-icons react-is react-markdown react-redux react-refresh react-remove-scroll
    react-remove-scroll-bar react-resizable-panels react-router react-router-dom react-smooth
    react-style-singleton react-transition-group read-cache readable-stream readdirp recharts recharts-scale
    redent redis redux redux-thunk reflect-metadata reflect.getprototypeof regenerate
    regenerate-unicode-properties regenerator-runtime regexp.prototype.flags regexpu-core regjsgen regjsparser
    remark-gfm remark-parse remark-rehype remark-stringify require-directory require-from-string
    require-main-filename requires-port reselect resolve resolve-cwd resolve-from resolve-pkg-maps restore-cursor
    retry reusify rimraf rolldown rollup router rrweb-cssom run-parallel rxjs safe-array-concat safe-buffer
    safe-push-apply safe-regex-test safer-buffer sass sax saxes scheduler schema-utils semver send
    serialize-javascript serve-static server-only set-blocking set-cookie-parser set-function-length
    set-function-name set-proto setimmediate setprototypeof sharp shebang-command shebang-regex shell-quote
    side-channel side-channel-list side-channel-map side-channel-weakmap siginfo signal-exit simple-swizzle
    sisteransi slash slice-ansi smart-buffer socket.io socket.io-client socks socks-proxy-agent sonner source-map
    source-map-js source-map-support space-separated-tokens split2 sprintf-js stable-hash stack-utils stackback
    statuses std-env stop-iteration-iterator streamsearch string-length string-width string.prototype.includes
    string.prototype.matchall string.prototype.repeat string.prototype.trim string.prototype.trimend
    string.prototype.trimstart string_decoder stringify-entities strip-ansi strip-bom strip-final-newline
    strip-indent strip-json-comments stripe style-to-object styled-jsx sucrase supertest supports-color
    supports-preserve-symlinks-flag swr symbol-tree tailwind-merge tailwindcss tailwindcss-animate tapable tar
    tar-fs tar-stream terser test-exclude text-table thenify thenify-all tiny-invariant tinybench tinyexec
    tinyglobby tinyrainbow tldts tldts-core tmp tmpl to-regex-range toidentifier tough-cookie tr46 tree-kill
    trim-lines trough ts-api-utils ts-interface-checker ts-jest ts-node tsconfig-paths tslib tsx tunnel-agent
    tw-animate-css type-check type-detect type-fest type-is typed-array-buffer typed-array-byte-length
    typed-array-byte-offset typed-array-length typedarray typescript typescript-eslint uc.micro unbox-primitive
    undici undici-types unicode-canonical-property-names-ecmascript unicode-match-property-ecmascript
    unicode-match-property-value-ecmascript unicode-property-aliases-ecmascript unified unique-string
    unist-util-is unist-util-position unist-util-stringify-position unist-util-visit unist-util-visit-parents
    universalify unpipe unrs-resolver update-browserslist-db uri-js use-callback-ref use-sidecar
    use-sync-external-store util-deprecate utils-merge uuid v8-compile-cache-lib v8-to-istanbul vary vaul vfile
    vfile-message victory-vendor vite vitest vue w3c-xmlserializer walker watchpack web-streams-polyfill
    webidl-conversions webpack webpack-sources whatwg-encoding whatwg-mimetype whatwg-url which
    which-boxed-primitive which-builtin-type which-collection which-module which-typed-array why-is-node-running
    word-wrap workbox-core workbox-precaching workbox-routing workbox-strategies workbox-window wouter wrap-ansi
    wrappy write-file-atomic ws xlsx xml-name-validator xmlbuilder xmlchars xtend y18n yallist yaml yargs
    yargs-parser yauzl yn yocto-queue zod zod-validation-error zustand zwitch
""")
