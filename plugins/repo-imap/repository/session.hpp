// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"
#include "namespace.hpp"

#include <offlineimap/facets.hpp>
#include <offlineimap/repository.hpp>

#include <memory>

namespace offlineimap::imap {

/// A connection that has signed in. What the constructor asks of the server (ID, ENABLE) leaves
/// together with the first thing that is really wanted.
class ImapSession final : public Session, private WatchReach, private FolderSizes {
public:
    /// `folders` and `preferences` outlive it.
    ImapSession(
        std::unique_ptr<Connection> connection, FolderTable& folders,
        const Preferences& preferences);

    Capabilities capabilities() const noexcept override;
    std::vector<FolderInfo> folders() override;
    FolderInfo create_folder(const FolderPath& path) override;
    void delete_folder(const FolderPath& path) override;
    void rename_folder(const FolderPath& from, const FolderPath& to) override;
    void changes(std::span<const ChangeRequest> requests, ChangeSink& sink) override;
    void fetch(std::span<const MessageRef> messages, Part part, FetchSink& sink) override;
    std::unique_ptr<Appender> append(StoreSink& sink) override;
    void update(std::span<const Update> updates, ResultSink& sink) override;
    void remove(std::span<const MessageRef> messages, ResultSink& sink) override;
    void move(std::span<const Move> moves, StoreSink& sink) override;
    void watch(std::span<const FolderPath> folders, WatchSink& sink, const Cancel& stop) override;
    void keep_alive() override;
    std::vector<std::pair<std::string, std::string>> describe() override;
    void* facet(std::string_view name) noexcept override;

private:
    void introduce();
    void compress();
    void enable();
    void settle();
    void settle_names();
    std::size_t told_at_once() const noexcept override;
    std::vector<std::optional<std::uint64_t>> sizes(std::span<const FolderIndex> folders) override;

    std::unique_ptr<Connection> connection_;
    PlainCommand id_, enable_;
    NamespaceCommand namespace_;
    Context context_;
    bool names_may_change_ = false;  ///< until ENABLE UTF8=ACCEPT has been answered
};

}  // namespace offlineimap::imap
