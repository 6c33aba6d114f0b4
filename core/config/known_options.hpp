// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

// Every option that the core itself understands: one table for reading, checking and documenting.
// What a plugin understands is in the plugin's own table.

namespace offlineimap::core {

enum class SectionKind { general, mbnames, account, repository };

/// The core's own options of such a section.
[[nodiscard]] std::span<const Option> core_options(SectionKind kind) noexcept;

/// An option that holds a Python expression in an rc file.
struct ExpressionOption {
    SectionKind section;
    const char* name;
    /// The option whose value it yields ("remotehosteval" yields "remotehost"); "" = its own.
    const char* yields;
    const char* help;
    /// Whether it counts where the other option is set, too.
    bool wins_over_plain = true;
};

[[nodiscard]] std::span<const ExpressionOption> expression_options() noexcept;

/// nullptr: `option` of such a section is no expression.
[[nodiscard]] const ExpressionOption*
find_expression_option(SectionKind section, std::string_view option) noexcept;

/// The expression that yields `option` of a repository; nullptr: there is none.
[[nodiscard]] const ExpressionOption* find_expression_for(std::string_view option) noexcept;

enum class SecretForm { text, expression, command, file, netrc, keyring, prompt };

/// An option that may say a secret: "remotepassfile", by naming a file.
struct SecretOption {
    std::string name;
    SecretForm form;
};

/// The options that may say the secret `option`, in the order in which they count: itself, its
/// expression, a command that prints it ("remotepass.command"), a file with it ("remotepassfile",
/// "remotepass.file"), a netrc file, the keyring, the user.
[[nodiscard]] std::vector<SecretOption> secret_options(std::string_view option);

/// Options of the original that do nothing any more; they are passed over without a word.
[[nodiscard]] std::span<const std::string_view> retired_options() noexcept;

/// The names that may stand in such a section: the core's own, expressions, retired ones, and
/// `component`'s. An account's section may also hold what its repositories fall back on.
[[nodiscard]] std::vector<std::string>
known_names(SectionKind kind, std::span<const Option> component = {});

}  // namespace offlineimap::core
