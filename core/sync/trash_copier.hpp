// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "outcomes.hpp"

#include <map>
#include <set>
#include <span>

namespace offlineimap::sync {

/// Takes messages to a trash folder of the same side, which cannot move them: as a copy, and the
/// message goes when its copy is known to be there. A message is at no time without one of the two;
/// after a crash its note makes the next run look for a copy before it makes another one.
class TrashCopier {
public:
    TrashCopier(
        SyncContext& context, Side side, std::span<const Removal> removals, Outcomes& outcomes,
        Session& session, const FolderInfo& trash)
        : context_(context)
        , side_(side)
        , removals_(removals)
        , outcomes_(outcomes)
        , session_(session)
        , trash_(trash)
    {
    }

    /// Every removal that is waiting is reported to the outcomes, or it throws. What the server
    /// refuses stays where it is.
    void run();

private:
    using Items = std::vector<std::size_t>;  ///< indexes of removals
    struct Text {
        Message message;
        std::string bytes;
    };
    /// Sizes and, of whole texts, digests; nothing of what is not there.
    struct Measures {
        std::vector<std::optional<std::uint64_t>> sizes;
        std::vector<std::string> digests;
    };
    class Measuring;
    class Texts;
    class Stored;

    MessageRef ref(std::size_t item) const
    {
        return {context_.folder(removals_[item].pair, side_), removals_[item].id[side_]};
    }
    void announce(const Items& items);
    std::set<std::size_t> find_copied(const Items& items);
    std::vector<MessageId> newcomers_of_trash(const MessageId& above);
    std::vector<MessageRef> candidates(const Items& items, const MessageId& above);
    Measures measure(const Items& items, Part part);
    Measures measure(const std::vector<MessageRef>& refs, Part part);
    std::vector<MessageRef> refs(const Items& items) const;
    void refuse(std::size_t item, const Error& why);
    std::vector<Items> slices(const Items& items);
    void copy(Items items);
    void remove(Items items);

    SyncContext& context_;
    const Side side_;
    const std::span<const Removal> removals_;
    Outcomes& outcomes_;
    Session& session_;
    const FolderInfo trash_;
    std::set<std::size_t> refused_;  ///< items that the server does not give
};

}  // namespace offlineimap::sync
