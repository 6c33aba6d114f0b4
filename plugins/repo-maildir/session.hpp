// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "open_folder.hpp"
#include "text_reader.hpp"

#include <offlineimap/facets.hpp>
#include <offlineimap/repository.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace offlineimap::maildir {

/// A view on the Maildir; its directories are opened for each batch and closed after it.
class MaildirSession final : public Session, public MessageFiles {
public:
    MaildirSession(Shared& shared, const Cancel& cancel);

    Capabilities capabilities() const noexcept override;
    std::vector<FolderInfo> folders() override;
    FolderInfo create_folder(const FolderPath& path) override;
    void delete_folder(const FolderPath& path) override;
    void changes(std::span<const ChangeRequest> requests, ChangeSink& sink) override;
    void fetch(std::span<const MessageRef> messages, Part part, FetchSink& sink) override;
    std::unique_ptr<Appender> append(StoreSink& sink) override;
    void update(std::span<const Update> updates, ResultSink& sink) override;
    void remove(std::span<const MessageRef> messages, ResultSink& sink) override;
    void move(std::span<const Move> moves, StoreSink& sink) override;
    void assign(std::span<const Assign> assigns, ResultSink& sink) override;
    void watch(std::span<const FolderPath> folders, WatchSink& sink, const Cancel& stop) override;
    std::vector<std::pair<std::string, std::string>> describe() override;
    void* facet(std::string_view name) noexcept override;
    std::vector<std::filesystem::path> files(std::span<const MessageRef> messages) override;

private:
    void report_changes(const ChangeRequest& request, ChangeSink& sink);
    void report_listing(
        OpenFolder& open, const Listing& listing, const Window& window, ChangeSink& sink);
    bool is_inside(
        const Window& window, const MessageId& id, const Directories& directories,
        Subdirectory where, std::string_view name);
    void
    fetch_one(OpenFolder& open, std::size_t index, const MessageId& id, Part part, FetchSink& sink);
    /// What a file's name says about its message.
    void read_name(const OpenFolder& open, std::string_view name, Message& message) const;

    Shared& shared_;
    const Cancel& cancel_;
    TextReader reader_;
};

}  // namespace offlineimap::maildir
