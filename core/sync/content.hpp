// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace offlineimap::sync {

/// A message whose content is asked for; several of the same fold may be one.
struct Suspect {
    PairIndex pair = 0;
    MessageId id;
    std::string size, digest;  ///< filled in as it is learnt; empty = not known, or no suspect
};

/// Which of `left` and `right` are the same message, by content. Sizes are asked for first; texts,
/// or headers alone, only of those whose size is on both sides. Each message is in one match only.
struct ContentMatch {
    std::size_t left = 0, right = 0;  ///< indexes
};
/// `same_pair`: only messages of one folder pair can match.
enum class Scan : std::uint8_t { same_pair, whole_account };
std::vector<ContentMatch> match_content(
    SyncContext& context, std::vector<Suspect> left, std::vector<Suspect> right, Part part,
    Scan scan);

/// Digest of a message text that does not depend on its line ends.
class ContentDigest {
public:
    ContentDigest();
    ~ContentDigest();
    ContentDigest(const ContentDigest&) = delete;
    ContentDigest& operator=(const ContentDigest&) = delete;
    void add(Bytes chunk);
    /// Hexadecimal SHA-256 of everything added, with every run of CR before LF left out.
    std::string finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace offlineimap::sync
