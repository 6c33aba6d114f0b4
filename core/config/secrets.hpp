// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keyring.hpp"
#include "known_options.hpp"
#include "model.hpp"
#include "settings.hpp"

#include <offlineimap/plugin.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::core {

/// Where the secrets of one repository are looked for. What it points to outlives the Secrets.
struct SecretContext {
    std::vector<const Section*>
        chain;               ///< the repository's section, the account's, the general one
    std::string host, user;  ///< as the settings say; for netrc files and the prompt
    Script* script = nullptr;
    std::vector<std::filesystem::path> netrc_files;
    Keyring* keyring = nullptr;  ///< nullptr: there is none, or it must not be asked
    /// Asks the user, without an echo; nullopt or empty function: nobody answers.
    std::function<std::optional<std::string>(std::string_view question)> ask;
    std::function<void(std::string_view line)> warn;
    std::chrono::milliseconds command_timeout = std::chrono::minutes(2);
    const Cancel* cancel = nullptr;  ///< ends a command that is waited for
};

/// The secrets of one repository: an expression, the option itself, a command, a file, what YAML
/// says of netrc, keyring and prompt; where nothing is said and for a password the usual netrc
/// files and the keyring; the user. In this order; remembered as long as they are not refused. What
/// was refused is not given out again, only a hash of it is kept. Thread-safe.
class Secrets {
public:
    explicit Secrets(SecretContext context) : context_(std::move(context)) { }

    /// As Host::secret(). Throws auth when nobody knows, config when the configuration points to
    /// what is not there, cancelled.
    std::string get(std::string_view option, std::string_view reason, bool fresh);

    /// The user wants everything to be tried again.
    void forget_refusals();

    /// Stores the password that was last used, if it is not from there. Throws auth, cancelled.
    void update_keyring();

private:
    struct Memory {
        std::optional<std::string> last;
        std::set<std::size_t> refused;  ///< hashes

        [[nodiscard]] bool has_refused(const std::string& secret) const;
        void refuse_last();
    };

    std::optional<std::string> configured(std::string_view option);
    std::optional<std::string>
    read(const Section& section, const SecretOption& option, std::string_view secret);
    std::optional<std::string> from_file_of_netrc(const Section& section, const Value& value);
    std::optional<std::string> from_keyring(const Value& value, std::string_view secret);
    std::optional<std::string> from_keyring_if_there();
    std::string read_file(const Section& section, const Value& value, std::string_view option);
    std::optional<std::string> from_netrc(const std::vector<std::filesystem::path>& files);
    std::string ask(std::string_view option, std::string_view reason, bool fresh);
    void warn_once(const std::string& line);

    SecretContext context_;
    std::mutex mutex_;
    std::map<std::string, Memory, std::less<>> memories_;
    std::set<std::string> warned_;
    std::optional<std::string> in_keyring_;  ///< the password that is known to be there
};

/// Where the settings name a remotehost but no remoteuser, the user comes from the first of these
/// netrc files that knows the host. Throws config for a file that cannot be trusted.
void supply_remote_user(
    SectionSettings& settings, const std::vector<std::filesystem::path>& netrc_files);

}  // namespace offlineimap::core
